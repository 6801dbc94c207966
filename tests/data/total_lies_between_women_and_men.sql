-- The share of all people lies between that of women and that of men; rounding to one digit may move it by a tenth.
with by_sex as (
    select
        geo, age, labour_status, reason, unit, year,
        max(case when sex = 'T' then percentage end) as total,
        max(case when sex = 'F' then percentage end) as women,
        max(case when sex = 'M' then percentage end) as men
    from {{ ref('fct_unmet_need') }}
    group by geo, age, labour_status, reason, unit, year
)

select *
from by_sex
where women is not null
  and men is not null
  and (total < least(women, men) - 0.1 or total > greatest(women, men) + 0.1)
