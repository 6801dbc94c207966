with inner_one as (select * from {{ ref('one') }})
select * from inner_one -- the end