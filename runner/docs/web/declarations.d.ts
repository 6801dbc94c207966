declare module "*.css";
declare module "prismjs/components/prism-core.js" {
  import Prism from "prismjs";
  export default Prism;
}
declare module "prismjs/components/prism-sql.js";
