-- Unmet need by country and sex, with the change on the year before.
select
    current_year.geo,
    current_year.sex,
    current_year.year,
    current_year.percentage,
    {{ round_to('current_year.percentage - before.percentage', 2) }} as change_on_year,
    current_year.is_break_in_series
from {{ ref('stg_unmet_need') }} as current_year
left join {{ ref('stg_unmet_need') }} as before
    on before.geo = current_year.geo
    and before.sex = current_year.sex
    and before.year = current_year.year - 1
where current_year.percentage is not null
