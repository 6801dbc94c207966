{{ config(materialized='view') }}
select * from {{ ref('three') }}