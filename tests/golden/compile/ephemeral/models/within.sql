{{ config(materialized='view') }}
select withdrawn from {{ ref('one') }}