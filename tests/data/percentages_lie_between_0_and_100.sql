-- A share of people below nothing or above everybody.
select geo, sex, age, reason, year, percentage
from {{ ref('fct_unmet_need') }}
where percentage < 0 or percentage > 100
