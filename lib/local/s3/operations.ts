/** The operations of S3: where each stands in the API, what it reads, and who answers it. */
import type { XmlOperation } from '../protocols/rest-xml.ts';
import * as configuration from './bucket-configuration.ts';
import type { Call } from './call.ts';
import { deleteObject, deleteObjects } from './delete-objects.ts';
import { getObject, headObject, OVERRIDES } from './get-object.ts';
import { listObjects, listObjectsV2, listObjectVersions } from './list-objects.ts';
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  listMultipartUploads,
  listParts,
  uploadPart,
} from './multipart.ts';
import * as lock from './object-lock.ts';
import * as tagging from './object-tagging.ts';
import { postObject } from './post-object.ts';
import { copyObject, putObject } from './put-object.ts';

const LISTING = ['prefix', 'delimiter', 'max-keys', 'encoding-type'];
const LOCK = ['object-lock-legal-hold', 'object-lock-mode', 'object-lock-retain-until-date'];
const ENCRYPTION = ['', '-aws-kms-key-id', '-bucket-key-enabled'].map(end => `server-side-encryption${end}`);
const WRITING = ['acl', 'storage-class', 'tagging', ...LOCK, ...ENCRYPTION];
const COPY_IF = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since'].map(
  name => `copy-source-${name}`,
);
const COPYING = ['copy-source', 'metadata-directive', 'tagging-directive', ...COPY_IF];

export const OPERATIONS: Readonly<Record<string, XmlOperation<Call>>> = {
  ListBuckets: {
    method: 'GET',
    on: 'service',
    reads: ['prefix', 'max-buckets'],
    run: configuration.listBuckets,
  },
  HeadBucket: { method: 'HEAD', on: 'bucket', run: configuration.headBucket },
  GetBucketLocation: { method: 'GET', on: 'bucket', by: 'location', run: configuration.getBucketLocation },
  GetBucketVersioning: {
    method: 'GET',
    on: 'bucket',
    by: 'versioning',
    run: configuration.getBucketVersioning,
  },
  GetBucketLifecycleConfiguration: {
    method: 'GET',
    on: 'bucket',
    by: 'lifecycle',
    run: configuration.getBucketLifecycleConfiguration,
  },
  GetBucketEncryption: {
    method: 'GET',
    on: 'bucket',
    by: 'encryption',
    run: configuration.getBucketEncryption,
  },
  GetPublicAccessBlock: {
    method: 'GET',
    on: 'bucket',
    by: 'publicAccessBlock',
    run: configuration.getPublicAccessBlock,
  },
  GetBucketPolicy: { method: 'GET', on: 'bucket', by: 'policy', run: configuration.getBucketPolicy },
  GetObjectLockConfiguration: {
    method: 'GET',
    on: 'bucket',
    by: 'object-lock',
    run: lock.getObjectLockConfiguration,
  },
  ListObjects: {
    method: 'GET',
    on: 'bucket',
    reads: [...LISTING, 'marker'],
    headers: ['optional-object-attributes'],
    run: listObjects,
  },
  ListObjectsV2: {
    method: 'GET',
    on: 'bucket',
    by: 'list-type',
    reads: [...LISTING, 'continuation-token', 'start-after', 'fetch-owner'],
    headers: ['optional-object-attributes'],
    run: listObjectsV2,
  },
  ListObjectVersions: {
    method: 'GET',
    on: 'bucket',
    by: 'versions',
    reads: [...LISTING, 'key-marker', 'version-id-marker'],
    run: listObjectVersions,
  },
  ListMultipartUploads: {
    method: 'GET',
    on: 'bucket',
    by: 'uploads',
    reads: ['prefix', 'max-uploads', 'key-marker', 'upload-id-marker', 'encoding-type'],
    run: listMultipartUploads,
  },
  DeleteObjects: {
    method: 'POST',
    on: 'bucket',
    by: 'delete',
    headers: ['bypass-governance-retention'],
    run: deleteObjects,
  },
  GetObject: { method: 'GET', on: 'object', reads: ['versionId', ...OVERRIDES], run: getObject },
  HeadObject: { method: 'HEAD', on: 'object', reads: ['versionId', ...OVERRIDES], run: headObject },
  PutObject: { method: 'PUT', on: 'object', headers: WRITING, run: putObject },
  PostObject: { method: 'POST', on: 'bucket', run: postObject },
  CopyObject: {
    method: 'PUT',
    on: 'object',
    by: 'x-amz-copy-source',
    headers: [...WRITING, ...COPYING],
    run: copyObject,
  },
  DeleteObject: {
    method: 'DELETE',
    on: 'object',
    reads: ['versionId'],
    headers: ['bypass-governance-retention'],
    run: deleteObject,
  },
  CreateMultipartUpload: {
    method: 'POST',
    on: 'object',
    by: 'uploads',
    headers: WRITING,
    run: createMultipartUpload,
  },
  UploadPart: { method: 'PUT', on: 'object', by: 'uploadId', reads: ['partNumber'], run: uploadPart },
  CompleteMultipartUpload: { method: 'POST', on: 'object', by: 'uploadId', run: completeMultipartUpload },
  AbortMultipartUpload: { method: 'DELETE', on: 'object', by: 'uploadId', run: abortMultipartUpload },
  ListParts: {
    method: 'GET',
    on: 'object',
    by: 'uploadId',
    reads: ['max-parts', 'part-number-marker'],
    run: listParts,
  },
  GetObjectTagging: {
    method: 'GET',
    on: 'object',
    by: 'tagging',
    reads: ['versionId'],
    run: tagging.getObjectTagging,
  },
  PutObjectTagging: {
    method: 'PUT',
    on: 'object',
    by: 'tagging',
    reads: ['versionId'],
    run: tagging.putObjectTagging,
  },
  DeleteObjectTagging: {
    method: 'DELETE',
    on: 'object',
    by: 'tagging',
    reads: ['versionId'],
    run: tagging.deleteObjectTagging,
  },
  GetObjectLegalHold: {
    method: 'GET',
    on: 'object',
    by: 'legal-hold',
    reads: ['versionId'],
    run: lock.getObjectLegalHold,
  },
  PutObjectLegalHold: {
    method: 'PUT',
    on: 'object',
    by: 'legal-hold',
    reads: ['versionId'],
    run: lock.putObjectLegalHold,
  },
  GetObjectRetention: {
    method: 'GET',
    on: 'object',
    by: 'retention',
    reads: ['versionId'],
    run: lock.getObjectRetention,
  },
  PutObjectRetention: {
    method: 'PUT',
    on: 'object',
    by: 'retention',
    reads: ['versionId'],
    headers: ['bypass-governance-retention'],
    run: lock.putObjectRetention,
  },
};
