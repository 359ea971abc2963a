// Reads [{language, text}, …] as JSON, writes for each what its grammar could not read: [[{from, to}, …], …].
import { readFileSync } from 'node:fs';
import { parser as logql } from '@grafana/lezer-logql';
import { parser as traceql } from '@grafana/lezer-traceql';
import { parser as promql } from '@prometheus-io/lezer-promql';

const parsers = { logql, promql, traceql };

function faults({ language, text }) {
  const found = [];
  parsers[language].parse(text).iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) found.push({ from, to });
    },
  });
  return found;
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(faults)));
