import { catalogue } from './catalogue.ts';
import { run } from './harness/run.ts';

await run(catalogue, process.argv.slice(2));
