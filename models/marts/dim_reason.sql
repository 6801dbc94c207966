-- Why people went without the examination that they needed.
select
    code as reason,
    label as reason_name,
    position as sort_order,
    code in ('TOOEXP', 'TOOFAR', 'WAITING', 'TOOEFW') as is_health_system_reason
from {{ labels('hlth_silc_13', 'reason') }} as categories
