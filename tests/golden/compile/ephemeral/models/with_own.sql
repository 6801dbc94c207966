{{ config(materialized='view') }}
WITH own as (select * from {{ ref('two') }}) select * from own