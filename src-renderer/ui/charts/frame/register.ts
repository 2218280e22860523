import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Filler,
  LineController,
  LineElement,
  LinearScale,
  LogarithmicScale,
  PointElement,
  ScatterController,
} from 'chart.js'
import { BoxAndWiskers, BoxPlotController, Violin, ViolinController } from '@sgratzl/chartjs-chart-boxplot'
import { PointWithErrorBar, ScatterWithErrorBarsController } from 'chartjs-chart-error-bars'
import { MatrixController, MatrixElement } from 'chartjs-chart-matrix'
import annotation from 'chartjs-plugin-annotation'
import { cellPainter } from './cell-painter.ts'
import { colourScalePainter } from './colour-scale-painter.ts'
import { markPainter } from './mark-painter.ts'

Chart.register(
  LineController,
  LineElement,
  PointElement,
  LinearScale,
  LogarithmicScale,
  CategoryScale,
  BarController,
  BarElement,
  ScatterController,
  Filler,
  MatrixController,
  MatrixElement,
  BoxPlotController,
  BoxAndWiskers,
  ViolinController,
  Violin,
  ScatterWithErrorBarsController,
  PointWithErrorBar,
  annotation,
  cellPainter,
  colourScalePainter,
  markPainter,
)

export { Chart }
