// Listing: ordered iteration with seeks. A delimiter's group of keys is skipped by one seek, so that a page
// costs what it shows, whatever the bucket holds.
#pragma once

#include <rocksdb/iterator.h>

#include "services/s3/dataplane/object_store.h"

namespace landfall::s3 {

StoreResult<ListPage> list_objects(rocksdb::Iterator& it, BucketId bucket, const ListQuery& query);
StoreResult<ListPage> list_versions(rocksdb::Iterator& it, BucketId bucket, const ListQuery& query);
StoreResult<UploadsPage> list_uploads(rocksdb::Iterator& it, BucketId bucket, const ListQuery& query);

}  // namespace landfall::s3
