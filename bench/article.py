"""The article's S3 function, for comparison: a line in, a JSON list of log files; a line of JSON out.

Kept: the whole file in memory, zlib.decompress with 16 + MAX_WBITS, json.loads, the substring match, the item with
json.dumps of each matched record, the log lines (in `verbatim`; the logger is disabled, but the article formats each
record before the logger can decline it). Left out: S3 and put_item, which would only slow it down. Changed: Python 3,
and a record without userIdentity.arn, on which the article's function dies, is passed over. The role's ARN, which the
article lets its reader fill in, ends in a slash, because CrossAccountTest2 is another role.
"""

import json
import logging
import sys
import time
import zlib

CROSS_ACCOUNT_ROLE_ARN = sys.argv[1]
VERBATIM = sys.argv[2] == "verbatim"

logging.disable(logging.CRITICAL)
logger = logging.getLogger()


def item_of(record):
    return {
        "accessKeyId": record["userIdentity"]["accessKeyId"],
        "eventTime": record["eventTime"],
        "eventID": record["eventID"],
        "record": json.dumps(record),
    }


def parse_s3_cloudtrail(path):
    with open(path, "rb") as body:
        payload_gz = body.read()
    payload = zlib.decompress(payload_gz, 16 + zlib.MAX_WBITS)
    payload_json = json.loads(payload)
    matches = 0
    for record in payload_json["Records"]:
        if CROSS_ACCOUNT_ROLE_ARN in record["userIdentity"].get("arn", ""):
            if VERBATIM:
                logger.info("Access Key ID: {}".format(record["userIdentity"]["accessKeyId"]))
                logger.info("Record: {}".format(record))
            item_of(record)
            matches += 1
    return matches


for line in sys.stdin:
    files = json.loads(line)
    began = time.process_time()
    calls = sum(parse_s3_cloudtrail(file) for file in files)
    print(json.dumps({"seconds": time.process_time() - began, "calls": calls}), flush=True)
