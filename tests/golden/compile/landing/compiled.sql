-- model "all"
select * from read_parquet(['<project>/landed/eurostat/toy/2024-01-01T000000Z/observations.parquet', '<project>/landed/eurostat/toy/2025-01-01T000000Z/observations.parquet', '<project>/landed/eurostat/toy/2025-01-01T000000Z-2/geo=DE/part-0.parquet', '<project>/landed/eurostat/toy/2025-01-01T000000Z-2/geo=FR/part-0.parquet'], union_by_name = true, hive_partitioning = true, hive_types_autocast = false)

-- model "by_id"
select * from read_parquet(['<project>/landed/eurostat/toy/2024-01-01T000000Z/observations.parquet'], union_by_name = true, hive_partitioning = false)

-- model "dimensions"
select * from read_parquet(['<project>/landed/eurostat/toy/2025-01-01T000000Z-2/dimensions.parquet'], union_by_name = true, hive_partitioning = false) join read_parquet(['<project>/landed/eurostat/toy/2025-01-01T000000Z/dimensions.parquet'], union_by_name = true, hive_partitioning = false) using (code)

-- model "identifier"
select * from read_parquet(['<project>/landed/eurostat/once/2024-01-01T000000Z/observations.parquet'], union_by_name = true, hive_partitioning = false)

-- model "latest"
select * from read_parquet(['<project>/landed/eurostat/toy/2025-01-01T000000Z-2/geo=DE/part-0.parquet', '<project>/landed/eurostat/toy/2025-01-01T000000Z-2/geo=FR/part-0.parquet'], union_by_name = true, hive_partitioning = true, hive_types_autocast = false) union all select * from read_parquet(['<project>/landed/eurostat/toy/2025-01-01T000000Z-2/geo=DE/part-0.parquet', '<project>/landed/eurostat/toy/2025-01-01T000000Z-2/geo=FR/part-0.parquet'], union_by_name = true, hive_partitioning = true, hive_types_autocast = false)

-- model "never"
select * from (select cast(null as varchar) as "geo", cast(null as varchar) as "amount", cast(null as varchar) as "time_period", cast(null as date) as "period_start", cast(null as date) as "period_end", cast(null as varchar) as "frequency", cast(null as double) as "value", cast(null as varchar) as "value_text", cast(null as varchar) as "status", cast(null as varchar) as "confidentiality", cast(null as varchar) as "_dataset", cast(null as varchar) as "_publisher", cast(null as varchar) as "_vintage", cast(null as timestamp) as "_extracted_at", cast(null as varchar) as "_source", cast(null as varchar) as "_batch_id" where false)

-- model "never_dimensions"
select * from (select cast(null as varchar) as "dimension", cast(null as varchar) as "column_name", cast(null as varchar) as "code", cast(null as varchar) as "label", cast(null as integer) as "position", cast(null as varchar) as "parent", cast(null as varchar) as "unit", cast(null as integer) as "decimals", cast(null as varchar) as "dimension_label", cast(null as varchar) as "role" where false)

-- model "never_id"
select * from (select cast(null as varchar) as "geo", cast(null as varchar) as "amount", cast(null as varchar) as "time_period", cast(null as date) as "period_start", cast(null as date) as "period_end", cast(null as varchar) as "frequency", cast(null as double) as "value", cast(null as varchar) as "value_text", cast(null as varchar) as "status", cast(null as varchar) as "confidentiality", cast(null as varchar) as "_dataset", cast(null as varchar) as "_publisher", cast(null as varchar) as "_vintage", cast(null as timestamp) as "_extracted_at", cast(null as varchar) as "_source", cast(null as varchar) as "_batch_id" where false)

-- model "no_previous"
select * from (select * from read_parquet(['<project>/landed/eurostat/once/2024-01-01T000000Z/observations.parquet'], union_by_name = true, hive_partitioning = false) where false)

-- model "no_such_id"
-- error: models/no_such_id.sql:1:18 VINTAGE_UNKNOWN "eurostat.once" has no vintage "1999-01-01T000000Z"
    did you mean "2024-01-01T000000Z"?

-- model "previous"
select * from read_parquet(['<project>/landed/eurostat/toy/2025-01-01T000000Z/observations.parquet'], union_by_name = true, hive_partitioning = false)

-- model "typo"
-- error: models/typo.sql:1:18 VINTAGE_UNKNOWN "eurostat.never" has no vintage "lastest"
    did you mean "latest"?
