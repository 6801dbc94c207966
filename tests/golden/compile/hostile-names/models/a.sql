{{ config(alias='al"ias }} {x', schema='s\'q') }}
select {{ var('nasty') }} as v, '{{ var('nasty') }}' as w
from {{ ref('mo"del \'x\'') }} join {{ ref('seed\'s "own"') }} using (a)