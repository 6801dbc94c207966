{{ config(severity='error') }}
-- A join that doubles rows would double them here.
select geo, sex, age, year, count(*) as n
from {{ ref('mart_unmet_need_trend') }}
group by geo, sex, age, year
having count(*) > 1
