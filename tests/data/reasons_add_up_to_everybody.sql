-- Of each group, those without an unmet need and those with one, by their main reason, are all. Shares are rounded to a tenth, and a
-- group of which one is missing is left out.
with answers as (
    select geo, sex, age, labour_status, year, reason, percentage
    from {{ ref('fct_unmet_need') }}
    where unit = 'PC'
      and reason in ('NO_UNMET', 'TOOEFW', 'NOTIME', 'NOKNOW', 'FEAR', 'HOPING', 'OTH')
),

everybody as (
    select geo, sex, age, labour_status, year, sum(percentage) as total, count(percentage) as reasons
    from answers
    group by geo, sex, age, labour_status, year
)

select *
from everybody
where reasons = (select count(distinct reason) from answers)
  and abs(total - 100) > 0.05 * reasons + 0.01
