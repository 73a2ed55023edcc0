// What the library tableschema says of the descriptors of a folder, and of the files beside them.
//   node check.mjs FOLDER
// In the folder: ID.schema.json, and any ID.NAME.csv. Answer, as JSON: for each id whether the descriptor is valid and
// its errors, and for each of its files the cells refused, as "line,column" from 1. The files hold no line ends in
// quotes, so that a record is a line.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const { Schema } = require('tableschema')
const parse = require('csv-parse/lib/sync')

const folder = process.argv[2]
const names = readdirSync(folder)
const answer = {}
for (const name of names.filter((n) => n.endsWith('.schema.json'))) {
  const id = name.slice(0, -'.schema.json'.length)
  const schema = await Schema.load(JSON.parse(readFileSync(join(folder, name), 'utf8')), { strict: false })
  const files = {}
  for (const file of names.filter((n) => n.startsWith(`${id}.`) && n.endsWith('.csv')))
    files[file.slice(id.length + 1)] = refused(schema, readFileSync(join(folder, file), 'utf8'))
  answer[id] = { valid: schema.valid, errors: schema.errors.map(String), files }
}
console.log(JSON.stringify(answer))

function refused(schema, text) {
  const [header, ...records] = parse(text, { relax_column_count: true })
  const cells = []
  records.forEach((record, i) => record.forEach((value, column) => {
    const field = schema.getField(header[column])
    if (field && !accepts(field, value)) cells.push(`${i + 2},${column + 1}`)
  }))
  return cells
}

function accepts(field, value) {
  try {
    field.castValue(value)
    return true
  } catch {
    return false
  }
}
