// What hyparquet reads of a Parquet file.
//   node parquet.mjs FILE
// Answer, as JSON: the rows, each an object by column, with numbers as text and days as YYYY-MM-DD; and of each column
// its types and encodings.
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'

const file = await asyncBufferFromFile(process.argv[2])
const metadata = await parquetMetadataAsync(file)
const columns = {}
for (const group of metadata.row_groups)
  for (const { meta_data: column } of group.columns) {
    const name = column.path_in_schema.join('.')
    const { logical_type: logical, repetition_type: repetition } = metadata.schema.find((s) => s.name === name)
    columns[name] = {
      type: logical?.type ?? column.type, optional: repetition === 'OPTIONAL', encodings: column.encodings.join(' '),
    }
  }
const rows = (await parquetReadObjects({ file })).map((row) => Object.fromEntries(
  Object.entries(row).map(([name, value]) => [name, text(value)])))
console.log(JSON.stringify({ rows, columns }))

function text(value) {
  if (value === null || value === undefined) return null
  return value instanceof Date ? value.toISOString().slice(0, 10) : String(value)
}
