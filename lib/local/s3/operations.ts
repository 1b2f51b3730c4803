/** The operations of S3, one row each: where it stands in the API, what it reads, and who answers it. */
import * as configuration from './bucket-configuration.ts';
import type { Handler } from './call.ts';
import { completeMultipartUpload } from './complete-upload.ts';
import { copyObject } from './copy-object.ts';
import { deleteObject, deleteObjects } from './delete-objects.ts';
import { getObject, headObject, OVERRIDES } from './get-object.ts';
import { listObjectsV2 } from './list-objects.ts';
import { listObjectVersions } from './list-versions.ts';
import { abortMultipartUpload, createMultipartUpload, listParts, uploadPart } from './multipart.ts';
import * as lock from './object-lock.ts';
import * as tagging from './object-tagging.ts';
import { putObject } from './put-object.ts';

export interface Operation {
  readonly name: string;
  readonly method: string;
  readonly on: 'service' | 'bucket' | 'object';
  /** The sub-resource: the parameter by which S3 tells operations of one method apart. */
  readonly by?: string;
  /** Parameters that it reads besides. */
  readonly reads?: readonly string[];
  /** Headers that it reads, without `x-amz-`; those of the transfer it may always have. */
  readonly headers?: readonly string[];
  readonly handle: Handler;
}

const LISTING = ['prefix', 'delimiter', 'max-keys', 'encoding-type'];
const LOCK = ['object-lock-legal-hold', 'object-lock-mode', 'object-lock-retain-until-date'];
const ENCRYPTION = ['', '-aws-kms-key-id', '-bucket-key-enabled'].map(end => `server-side-encryption${end}`);
const WRITING = ['acl', 'storage-class', 'tagging', ...LOCK, ...ENCRYPTION];
const COPY_IF = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since'].map(
  name => `copy-source-${name}`,
);
const COPYING = ['copy-source', 'metadata-directive', 'tagging-directive', ...COPY_IF];

export const OPERATIONS: readonly Operation[] = [
  {
    name: 'ListBuckets',
    method: 'GET',
    on: 'service',
    reads: ['prefix', 'max-buckets'],
    handle: configuration.listBuckets,
  },
  { name: 'HeadBucket', method: 'HEAD', on: 'bucket', handle: configuration.headBucket },
  { name: 'GetBucketLocation', method: 'GET', on: 'bucket', by: 'location', handle: configuration.getBucketLocation },
  {
    name: 'GetBucketVersioning',
    method: 'GET',
    on: 'bucket',
    by: 'versioning',
    handle: configuration.getBucketVersioning,
  },
  {
    name: 'GetBucketLifecycleConfiguration',
    method: 'GET',
    on: 'bucket',
    by: 'lifecycle',
    handle: configuration.getBucketLifecycleConfiguration,
  },
  {
    name: 'GetBucketEncryption',
    method: 'GET',
    on: 'bucket',
    by: 'encryption',
    handle: configuration.getBucketEncryption,
  },
  {
    name: 'GetPublicAccessBlock',
    method: 'GET',
    on: 'bucket',
    by: 'publicAccessBlock',
    handle: configuration.getPublicAccessBlock,
  },
  { name: 'GetBucketPolicy', method: 'GET', on: 'bucket', by: 'policy', handle: configuration.getBucketPolicy },
  {
    name: 'GetObjectLockConfiguration',
    method: 'GET',
    on: 'bucket',
    by: 'object-lock',
    handle: lock.getObjectLockConfiguration,
  },
  {
    name: 'ListObjectsV2',
    method: 'GET',
    on: 'bucket',
    by: 'list-type',
    reads: [...LISTING, 'continuation-token', 'start-after', 'fetch-owner'],
    headers: ['optional-object-attributes'],
    handle: listObjectsV2,
  },
  {
    name: 'ListObjectVersions',
    method: 'GET',
    on: 'bucket',
    by: 'versions',
    reads: [...LISTING, 'key-marker', 'version-id-marker'],
    handle: listObjectVersions,
  },
  {
    name: 'DeleteObjects',
    method: 'POST',
    on: 'bucket',
    by: 'delete',
    headers: ['bypass-governance-retention'],
    handle: deleteObjects,
  },
  { name: 'GetObject', method: 'GET', on: 'object', reads: ['versionId', ...OVERRIDES], handle: getObject },
  { name: 'HeadObject', method: 'HEAD', on: 'object', reads: ['versionId', ...OVERRIDES], handle: headObject },
  { name: 'PutObject', method: 'PUT', on: 'object', headers: WRITING, handle: putObject },
  {
    name: 'CopyObject',
    method: 'PUT',
    on: 'object',
    by: 'x-amz-copy-source',
    headers: [...WRITING, ...COPYING],
    handle: copyObject,
  },
  {
    name: 'DeleteObject',
    method: 'DELETE',
    on: 'object',
    reads: ['versionId'],
    headers: ['bypass-governance-retention'],
    handle: deleteObject,
  },
  {
    name: 'CreateMultipartUpload',
    method: 'POST',
    on: 'object',
    by: 'uploads',
    headers: WRITING,
    handle: createMultipartUpload,
  },
  { name: 'UploadPart', method: 'PUT', on: 'object', by: 'uploadId', reads: ['partNumber'], handle: uploadPart },
  { name: 'CompleteMultipartUpload', method: 'POST', on: 'object', by: 'uploadId', handle: completeMultipartUpload },
  { name: 'AbortMultipartUpload', method: 'DELETE', on: 'object', by: 'uploadId', handle: abortMultipartUpload },
  {
    name: 'ListParts',
    method: 'GET',
    on: 'object',
    by: 'uploadId',
    reads: ['max-parts', 'part-number-marker'],
    handle: listParts,
  },
  {
    name: 'GetObjectTagging',
    method: 'GET',
    on: 'object',
    by: 'tagging',
    reads: ['versionId'],
    handle: tagging.getObjectTagging,
  },
  {
    name: 'PutObjectTagging',
    method: 'PUT',
    on: 'object',
    by: 'tagging',
    reads: ['versionId'],
    handle: tagging.putObjectTagging,
  },
  {
    name: 'DeleteObjectTagging',
    method: 'DELETE',
    on: 'object',
    by: 'tagging',
    reads: ['versionId'],
    handle: tagging.deleteObjectTagging,
  },
  {
    name: 'GetObjectLegalHold',
    method: 'GET',
    on: 'object',
    by: 'legal-hold',
    reads: ['versionId'],
    handle: lock.getObjectLegalHold,
  },
  {
    name: 'PutObjectLegalHold',
    method: 'PUT',
    on: 'object',
    by: 'legal-hold',
    reads: ['versionId'],
    handle: lock.putObjectLegalHold,
  },
  {
    name: 'GetObjectRetention',
    method: 'GET',
    on: 'object',
    by: 'retention',
    reads: ['versionId'],
    handle: lock.getObjectRetention,
  },
  {
    name: 'PutObjectRetention',
    method: 'PUT',
    on: 'object',
    by: 'retention',
    reads: ['versionId'],
    headers: ['bypass-governance-retention'],
    handle: lock.putObjectRetention,
  },
];
