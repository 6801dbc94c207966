{{ config(materialized='incremental', unique_key='id') }}
select {{ this }}, {{ this.schema }}, {{ this.identifier }}, {{ target.name }}, {{ target.schema }}, {{ target.threads }}, {{ run_started_at }}, {{ invocation_id }}
{{#is_incremental}}where later{{/is_incremental}}{{^is_incremental}}where first{{/is_incremental}};
