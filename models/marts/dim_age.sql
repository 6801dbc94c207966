-- Age classes with their bounds: Y16-24 is 16 to 24, Y_GE65 is 65 and over.
select
    code as age,
    label as age_name,
    position as sort_order,
    cast(coalesce({{ regexp_group('code', '^Y([0-9]+)-[0-9]+$') }}, {{ regexp_group('code', '^Y_GE([0-9]+)$') }}) as integer) as age_from,
    cast({{ regexp_group('code', '^Y[0-9]+-([0-9]+)$') }} as integer) as age_to
from {{ labels('hlth_silc_13', 'age') }} as categories
