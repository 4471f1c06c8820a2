// Makes ../static/echarts.js: npm ci && npm run build. Prints its size, gzipped as a server would send it.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version;
const licence = `/*!
 * Apache ECharts ${version('echarts')}, Copyright The Apache Software Foundation, Apache-2.0: https://www.apache.org/licenses/LICENSE-2.0
 * This product includes software developed at The Apache Software Foundation (https://www.apache.org/).
 * With ZRender ${version('zrender')} (BSD-3-Clause, Copyright Baidu Inc.) and tslib (0BSD, Copyright Microsoft Corporation).
 * A custom build of Newshouse: see dashboard/build/. Not to be edited by hand.
 */`;

await build({
  entryPoints: ['echarts.js'],
  outfile: '../static/echarts.js',
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2020',
  legalComments: 'none', // the banner says it once
  banner: { js: licence },
  define: { 'process.env.NODE_ENV': '"production"' },
});
const bytes = readFileSync('../static/echarts.js');
console.log(`${bytes.length} bytes, ${gzipSync(bytes, { level: 9 }).length} gzipped`);
