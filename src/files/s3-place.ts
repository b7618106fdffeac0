import type { Settings } from '#src/settings/schema.ts'
import { storageUnset } from './problems.ts'
import type { S3Place } from './s3-shelf.ts'

/** Where the settings want files to be kept; null: on the disk. */
export function s3PlaceOf(files: Settings['files']): S3Place | null {
  if (files.storage === 'disk') return null
  const { s3Endpoint, s3Bucket, s3Region, s3AccessKey, s3SecretKey } = files
  const missing = Object.entries({
    s3_endpoint: s3Endpoint,
    s3_bucket: s3Bucket,
    s3_access_key: s3AccessKey,
    s3_secret_key: s3SecretKey,
  }).flatMap(([name, value]) => (value ? [] : [name]))
  if (missing.length > 0) throw storageUnset({ detail: `[files] storage is s3, but ${missing.join(', ')} is not set.` })
  return {
    endpoint: s3Endpoint ?? '',
    bucket: s3Bucket,
    region: s3Region,
    accessKey: s3AccessKey,
    secretKey: s3SecretKey,
  }
}
