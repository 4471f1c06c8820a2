// The parts of ECharts that the dashboard draws with; nothing else is bundled.
export { init, getInstanceByDom } from 'echarts/core';
import { use } from 'echarts/core';
import { BarChart, HeatmapChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, LegendScrollComponent, MarkLineComponent, TooltipComponent, VisualMapContinuousComponent, AriaComponent } from 'echarts/components';
import { CanvasRenderer } from 'echarts/renderers';

use([BarChart, LineChart, HeatmapChart, GridComponent, LegendComponent, LegendScrollComponent, MarkLineComponent, TooltipComponent, VisualMapContinuousComponent, AriaComponent, CanvasRenderer]);
