-- {{ var('nasty') }}
select 1 /* {{ var('nasty') }} */ as {{ identifier(var('nasty')) }}
