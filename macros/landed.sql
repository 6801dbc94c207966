{{! macro labels(dataset, dimension) }}
(
    select code, label, position
    from {{ source('eurostat', dataset, part='dimensions') }}
    where column_name = '{{ dimension }}'
)

{{! macro has_flag(flags, letter) }}
coalesce(strpos({{ flags }}, '{{ letter }}') > 0, false)
