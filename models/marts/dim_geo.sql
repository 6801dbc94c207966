-- Every geography that a landed dataset speaks of, with the groupings of the seed.
select
    landed.code as geo,
    coalesce(countries.country, landed.label, landed.code) as geo_name,
    countries.geo is null as is_aggregate,
    countries.iso3,
    countries.region,
    countries.eu_since is not null as is_eu_member,
    countries.euro_since is not null as is_euro_area,
    coalesce(countries.efta, false) as is_efta
from {{ labels('hlth_silc_13', 'geo') }} as landed
left join {{ ref('countries') }} as countries on countries.geo = landed.code
