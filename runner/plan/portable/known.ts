/**
 * What `tests/contract/postgres-portable.test.ts` shows to give the same rows on every engine: kinds of the parser, and functions with
 * `()`. That test fails when something is here that it does not show.
 */
export const KINDS: ReadonlySet<string> = new Set(
  "Preceding,abs,add,alias,all,and,any,any_value,array_agg,array_func,array_length,array_to_string(),ascii(),at_time_zone,avg,between,boolean,case,cast,ceil,chr(),coalesce,column,concat,concat(),concat_ws(),contains,corr(),count,count_if,covar_pop(),cube(),cume_dist,current_date(),date_diff(),date_part(),date_trunc(),datediff(),day,day_of_week,dense_rank,div,epoch,eq,except,exists,exp,extract,first_value,floor,generate_series(),greatest(),grouping sets(),gt,hour,i_like,if_func,in,intersect,interval,is_false,is_null,is_true,isfinite(),lag,last_day,last_value,lead,least(),left(),length,like,list(),list_contains(),literal,ln,log,log10(),logical_and,logical_or,lower,lpad(),lt,ltrim(),make_date(),max,md5(),median,min,minute,mod,mod_func,month,mul,n_tile,neg,neq,not,nth_value,null,null_safe_eq,null_safe_neq,nullif(),num_buckets,or,paren,percent_rank,power,power(),quantile_cont(),quantile_disc(),quarter,rank,regexp_extract(),regexp_full_match(),regexp_like,regexp_matches(),regexp_replace(),repeat(),replace(),reverse(),right(),rollup(),round(),row_number,rpad(),rtrim(),select,sign(),split_part(),sqrt,star,starts_with,stddev,stddev_pop,stddev_samp,str_position,strftime(),string_agg,sub,subquery,substring,sum,table,this,translate(),trim,trunc(),tuple,union,unnest(),upper,values,var_pop,variance,window_function,year".split(
    ",",
  ),
);
export const TYPES: ReadonlySet<string> = new Set(
  "big_int,boolean,date,decimal,double,float,int,small_int,time,timestamp,var_char".split(","),
);
export const JOINS: ReadonlySet<string> = new Set("Anti,Cross,Full,Inner,Left,Natural,Semi".split(","));
/** Of extract and date_part: those that are whole numbers in every engine, and epoch. */
export const FIELDS: ReadonlySet<string> = new Set(
  "year quarter month week day dow dayofweek isodow doy dayofyear hour minute epoch".split(" "),
);
/** Of strftime. */
export const FORMATS = /^(?:%[YmdHMS]|[^%A-Za-z"\\])*$/;

/** A way out, by the name of what is not known. */
export const HINTS: Readonly<Record<string, string>> = {
  try_cast: "test the text first: case when x ~ '^[0-9]+$' then cast(x as integer) end",
  range: "use generate_series(from, to) after from, whose end belongs to it, or the macro date_series",
  generate_series: "it is a table: select n from generate_series(1, 3) as s(n)",
  strptime: "use cast(x as date), of texts such as 2024-01-31",
  array_slice: "use substring(x, 1, 2)",
  json_extract_scalar: "set portable to false: the two engines name paths differently",
  json_extract: "set portable to false: the two engines name paths differently",
  round_even: "use the macro round_to",
};
