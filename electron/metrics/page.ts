/** `/metrics` in Prometheus' text format, through prom-client: read when it is asked for, and costing nothing before. */
import type { Family } from "../../shared/metrics/family.ts";

export interface MetricsPage {
  /** Resolves with the page and its content type. */
  read(): Promise<{ type: string; text: string }>;
}

/**
 * The event loop's delay is sampled this often once somebody scrapes: at the library's usual 10 ms an idle program wakes up
 * a hundred times a second for it.
 */
const LOOP_DELAY_MS = 100;

export function createMetricsPage(families: readonly Family[]): MetricsPage {
  let registry: ReturnType<typeof makeRegistry> | undefined;
  return {
    async read() {
      registry ??= makeRegistry(families);
      const made = await registry;
      return { type: made.contentType, text: await made.metrics() };
    },
  };
}

/** The library is loaded here: 20 MB and a tenth of a second, for a program that somebody scrapes. */
async function makeRegistry(families: readonly Family[]) {
  const { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } = await import("prom-client");
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_DELAY_MS });
  for (const family of families) {
    const named = { name: family.name, help: family.help, registers: [registry] };
    if (family.type === "histogram") {
      const made = new Histogram({ ...named, buckets: [...family.spread.bounds] });
      // The library would count into buckets of its own at a microsecond each; ours are counted where it happens.
      const { name, help, type } = family;
      Object.assign(made, { getForPromString: async () => ({ name, help, type, values: valuesOf(family) }) });
    } else if (family.type === "counter") {
      const made: InstanceType<typeof Counter> = new Counter({
        ...named,
        labelNames: family.labels,
        collect() {
          made.reset();
          for (const { labels, value } of family.read()) made.inc(labels, value);
        },
      });
    } else {
      const made: InstanceType<typeof Gauge> = new Gauge({
        ...named,
        labelNames: family.labels,
        collect() {
          made.reset();
          for (const { labels, value } of family.read()) made.set(labels, value);
        },
      });
    }
  }
  return registry;
}

function valuesOf({ name, spread }: Extract<Family, { type: "histogram" }>) {
  const counts = spread.cumulative();
  const count = counts.at(-1) ?? 0;
  return [
    ...spread.bounds.map((le, at) => ({ metricName: `${name}_bucket`, labels: { le }, value: counts[at] ?? 0 })),
    { metricName: `${name}_bucket`, labels: { le: "+Inf" }, value: count },
    { metricName: `${name}_sum`, labels: {}, value: spread.sum() },
    { metricName: `${name}_count`, labels: {}, value: count },
  ];
}
