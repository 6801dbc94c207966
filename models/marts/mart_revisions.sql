-- What the publisher changed between the newest edition and the one before it. Empty while there is only one.
with editions as (
    select _vintage, dense_rank() over (order by _vintage desc) as age_rank
    from (select distinct _vintage from {{ ref('fct_unmet_need_editions') }}) as known
),

newest as (
    select * from {{ ref('fct_unmet_need_editions') }}
    where _vintage = (select _vintage from editions where age_rank = 1)
),

previous as (
    select * from {{ ref('fct_unmet_need_editions') }}
    where _vintage = (select _vintage from editions where age_rank = 2)
),

compared as (
    select
        coalesce(newest.observation_key, previous.observation_key) as observation_key,
        coalesce(newest.geo, previous.geo) as geo,
        coalesce(newest.sex, previous.sex) as sex,
        coalesce(newest.age, previous.age) as age,
        coalesce(newest.labour_status, previous.labour_status) as labour_status,
        coalesce(newest.reason, previous.reason) as reason,
        coalesce(newest.unit, previous.unit) as unit,
        coalesce(newest.period_start, previous.period_start) as period_start,
        previous.percentage as previous_percentage,
        newest.percentage as percentage,
        previous.flags as previous_flags,
        newest.flags as flags,
        case
            when previous.observation_key is null then 'added'
            when newest.observation_key is null then 'removed'
            when newest.percentage is distinct from previous.percentage then 'revised'
            when newest.flags is distinct from previous.flags then 'reflagged'
        end as change_kind
    from newest
    full outer join previous on previous.observation_key = newest.observation_key
)

select
    *,
    {{ round_to('percentage - previous_percentage', 4) }} as change,
    (select _vintage from editions where age_rank = 1) as _vintage,
    (select _vintage from editions where age_rank = 2) as _previous_vintage
from compared
where change_kind is not null
  and exists (select 1 from editions where age_rank = 2)
