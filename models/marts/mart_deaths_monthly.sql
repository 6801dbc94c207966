{{ config(enabled=target.name == 'sample') }}
-- Deaths by month against the mean of the same month in the years before: a simple measure of excess.
select
    geo, sex, age, month, deaths, is_provisional,
    {{ round_to('avg(deaths) over same_month', 1) }} as expected_deaths,
    {{ round_to('100.0 * (deaths - avg(deaths) over same_month) / nullif(avg(deaths) over same_month, 0)', 1) }} as excess_percentage
from {{ ref('fct_deaths') }}
window same_month as (
    partition by geo, sex, age, extract(month from month)
    order by month
    rows between unbounded preceding and 1 preceding
)
