select
    geo,
    sex,
    year,
    percentage,
    flag,
    coalesce(flag = 'b', false) as is_break_in_series
from {{ ref('unmet_need') }}
where year >= {{ var('first_year') }}
