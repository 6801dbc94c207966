select geo, sex, year, count(*) as n
from {{ ref('mart_unmet_need') }}
group by geo, sex, year
having count(*) > 1
