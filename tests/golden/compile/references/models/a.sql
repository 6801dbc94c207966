{{ config(alias='Orders', schema='sales') }}
select * from {{ source('raw', 'orders') }} join {{ source('raw', 'people') }} using (id)
