{{ config(materialized='view') }}
(with own as (select 1) select * from own, {{ ref('it is a name') }} as it)