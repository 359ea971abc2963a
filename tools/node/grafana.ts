// What a dashboard may hold, by Grafana's own types, but for three things:
// an enumeration is written as the word it stands for; what Grafana fills in may be left out; and what its types leave
// open though it is known (a query, an override, a transformation) is named here, so that nothing may be misspelt.
import type { AnnotationQuery, Dashboard, FieldConfig, MatcherConfig, Panel, RowPanel, VariableModel } from '@grafana/schema';
import type * as bargauge from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen';
import type * as barchart from '@grafana/schema/dist/esm/raw/composable/barchart/panelcfg/x/BarChartPanelCfg_types.gen';
import type * as gauge from '@grafana/schema/dist/esm/raw/composable/gauge/panelcfg/x/GaugePanelCfg_types.gen';
import type * as heatmap from '@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen';
import type * as histogram from '@grafana/schema/dist/esm/raw/composable/histogram/panelcfg/x/HistogramPanelCfg_types.gen';
import type * as logs from '@grafana/schema/dist/esm/raw/composable/logs/panelcfg/x/LogsPanelCfg_types.gen';
import type * as nodegraph from '@grafana/schema/dist/esm/raw/composable/nodegraph/panelcfg/x/NodeGraphPanelCfg_types.gen';
import type * as piechart from '@grafana/schema/dist/esm/raw/composable/piechart/panelcfg/x/PieChartPanelCfg_types.gen';
import type * as stat from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type * as statetimeline from '@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen';
import type * as statushistory from '@grafana/schema/dist/esm/raw/composable/statushistory/panelcfg/x/StatusHistoryPanelCfg_types.gen';
import type * as table from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type * as text from '@grafana/schema/dist/esm/raw/composable/text/panelcfg/x/TextPanelCfg_types.gen';
import type * as timeseries from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';
import type { Dataquery as Prometheus } from '@grafana/grafana-foundation-sdk/prometheus';
import type { dataquery as Loki } from '@grafana/grafana-foundation-sdk/loki';
import type { Dataquery as Tempo } from '@grafana/grafana-foundation-sdk/tempo';

type Plain<T> = T extends string ? `${T}`
  : T extends number | boolean | null | undefined ? T
  : T extends (infer One)[] ? Plain<One>[]
  : T extends object ? { [Key in keyof T]: Plain<T[Key]> }
  : T;
type Some<T> = T extends (infer One)[] ? Some<One>[]
  : T extends object ? { [Key in keyof T]?: Some<T[Key]> }
  : T;

type Source<Kind extends string> = { type: Kind; uid: `\${DS_${Uppercase<Kind>}}` };
type Asked<T, Kind extends string> =
  Plain<Omit<T, '_implementsDataqueryVariant' | 'datasource' | 'refId'>> & { refId: string; datasource: Source<Kind> };
type Target =
  | Asked<Prometheus, 'prometheus'>
  | Asked<Omit<Loki, 'queryType'> & { queryType: 'range' | 'instant' }, 'loki'>
  | Asked<Omit<Tempo, 'queryType' | 'filters'> & { queryType: 'traceql' | 'serviceMap' | 'traceId'; filters?: Tempo['filters'] }, 'tempo'>;

type Field = Plain<Omit<FieldConfig, 'custom' | 'links'>> & { links?: { title: string; url: string; targetBlank?: boolean }[] };
type Properties<Values, Before extends string> =
  { [Key in keyof Values & string]-?: { id: `${Before}${Key}`; value: Exclude<Values[Key], undefined> } }[keyof Values & string];
type Override<Custom> = {
  matcher: { id: 'byName' | 'byRegexp' | 'byFrameRefID' | 'byType'; options: string } & Pick<MatcherConfig, 'scope'>;
  properties: (Properties<Field, ''> | Properties<Some<Plain<Custom>>, 'custom.'>)[];
};

type Names = Record<string, string>;
type Transformation =
  | { id: 'merge'; options: {} }
  | { id: 'seriesToRows'; options: {} }
  | { id: 'organize'; options: { excludeByName?: Record<string, boolean>; includeByName?: Record<string, boolean>; indexByName?: Record<string, number>; renameByName?: Names } }
  | { id: 'sortBy'; options: { sort: { field: string; desc?: boolean }[] } }
  | { id: 'limit'; options: { limitField: number } }
  | { id: 'renameByRegex'; options: { regex: string; renamePattern: string } }
  | { id: 'joinByField'; options: { byField: string; mode: 'outer' | 'inner' } }
  | { id: 'labelsToFields'; options: { mode?: 'columns' | 'rows'; keepLabels?: string[]; valueLabel?: string } }
  | { id: 'filterFieldsByName'; options: { include?: { names?: string[]; pattern?: string }; exclude?: { names?: string[]; pattern?: string } } }
  | { id: 'reduce'; options: { reducers: string[]; mode?: 'seriesToRows' | 'reduceFields'; includeTimeField?: boolean; labelsToFields?: boolean } }
  | { id: 'groupBy'; options: { fields: Record<string, { aggregations: string[]; operation: 'groupby' | 'aggregate' | null }> } };

type Drawn<Kind extends string, Options, Custom = {}> =
  Plain<Omit<Panel, 'type' | 'id' | 'title' | 'gridPos' | 'options' | 'fieldConfig' | 'targets' | 'datasource' | 'transformations'>> & {
    id: number;
    type: Kind;
    title: string;
    description: string;
    gridPos: { x: number; y: number; w: number; h: number };
    datasource: Source<'prometheus'> | Source<'loki'> | Source<'tempo'>;
    targets: Target[];
    options: Some<Plain<Options>>;
    fieldConfig: { defaults: Field & { custom?: Some<Plain<Custom>> }; overrides: Override<Custom>[] };
    transformations?: Transformation[];
  };

export type Kinds = {
  bargauge: Drawn<'bargauge', bargauge.Options>;
  barchart: Drawn<'barchart', barchart.Options, barchart.FieldConfig>;
  gauge: Drawn<'gauge', gauge.Options>;
  heatmap: Drawn<'heatmap', heatmap.Options, heatmap.FieldConfig>;
  histogram: Drawn<'histogram', histogram.Options, histogram.FieldConfig>;
  logs: Drawn<'logs', logs.Options>;
  nodeGraph: Drawn<'nodeGraph', nodegraph.Options>;
  piechart: Drawn<'piechart', piechart.Options, piechart.FieldConfig>;
  stat: Drawn<'stat', stat.Options>;
  'state-timeline': Drawn<'state-timeline', statetimeline.Options, statetimeline.FieldConfig>;
  'status-history': Drawn<'status-history', statushistory.Options, statushistory.FieldConfig>;
  table: Drawn<'table', table.Options, table.FieldConfig>;
  text: Omit<Drawn<'text', text.Options>, 'datasource' | 'description' | 'targets'> & { description?: string; targets?: never[] };
  timeseries: Drawn<'timeseries', timeseries.Options, timeseries.FieldConfig>;
};

export type Row = Plain<Omit<RowPanel, 'panels' | 'datasource'>> & { title: string; panels: never[] };

// `definition` is what Grafana itself writes of a query beside `query`; an alert's mark is asked of Prometheus.
type Variable = Plain<Omit<VariableModel, 'datasource'>> & { definition?: string; datasource?: Source<'prometheus' | 'loki' | 'tempo'> };
type Mark = Plain<Omit<AnnotationQuery, 'datasource' | 'target'>> & {
  datasource: Source<'prometheus'>;
  expr: string;
  step: string;
  titleFormat: string;
  tagKeys: string;
};
export type Frame = Plain<Omit<Dashboard, 'panels' | 'templating' | 'annotations'>> & {
  uid: string;
  title: string;
  templating: { list: Variable[] };
  annotations: { list: Mark[] };
};
