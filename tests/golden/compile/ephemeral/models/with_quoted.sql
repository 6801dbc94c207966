{{ config(materialized='view') }}
with"own" as (select * from {{ ref('one') }}) select * from "own"