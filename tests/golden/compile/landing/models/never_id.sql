select * from {{ source('eurostat', 'never', vintage='2024-01-01T000000Z') }}
