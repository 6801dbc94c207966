{{ config(materialized='view') }}
-- counts
/* with care */ with /* ! */ recursive n as (select id from {{ ref('one') }} union all select id + 1 from n where id < 3) select * from n