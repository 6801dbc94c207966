select * from {{ source('eurostat', 'never', vintage='lastest') }}
