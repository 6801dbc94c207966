-- a comment stays, {{ var('title') }} in it too
select '{{ var('first') }}' as quoted, {{ var('first') }} as literal, {{ var('years') }} as list,
  '{{ var('title') }}' as inside, {{ var('missing', 3) }} as fallback, {{ env_var('NOT_SET', 'x') }} as env
from {{ ref('a') }}, {{ ref('shop', 'codes') }}, {{ source('other', 't') }}
