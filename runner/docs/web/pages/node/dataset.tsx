import type { VNode } from "preact";
import type { Dataset } from "../../../data/types.ts";

export const DatasetCards = ({ dataset }: { dataset: Dataset }): VNode => (
  <section class="card">
    <h2>{dataset.label ?? dataset.code}</h2>
  </section>
);
