import { restyle } from "../support/publisher/library.ts";
import { publisherContract } from "./publisher-contract.ts";

const all = { catalog: true, feed: true, selection: true, probe: true, parts: true };

publisherContract({
  name: "eurostat",
  library: "eurostat",
  restyle: (dataset) => dataset,
  codeOf: (dataset) => dataset,
  time: "time",
  has: all,
});
publisherContract({
  name: "ssb",
  library: "pxweb",
  restyle: (dataset) => restyle(dataset, "pxweb"),
  codeOf: (dataset) => dataset,
  time: "Tid",
  has: all,
});
publisherContract({
  name: "statfin",
  library: "pxweb",
  restyle: (dataset) => restyle(dataset, "pxweb"),
  codeOf: (dataset) => `health/${dataset}.px`,
  time: "Tid",
  has: { ...all, feed: false },
});
publisherContract({
  name: "cso",
  library: "pxstat",
  restyle: (dataset) => restyle(dataset, "pxstat"),
  codeOf: (dataset) => dataset,
  time: "TLIST(A1)",
  has: { ...all, parts: false },
});
publisherContract({
  name: "files",
  library: "files",
  restyle: (dataset) => dataset,
  codeOf: (dataset) => dataset,
  urlOf: ({ url }, dataset) => `${url}/files/${dataset}.json`,
  time: "time",
  has: { catalog: false, feed: false, selection: false, probe: false, parts: false },
});
