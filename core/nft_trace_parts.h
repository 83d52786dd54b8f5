#pragma once

#include "core/nft_trace.h"

/* Between nft_trace.c, which sets up the table, and nft_trace_read.c only: what is in it. */
#define NFT_TRACE_IN    "in"
#define NFT_TRACE_SENT  "sent"
#define NFT_TRACE_OUT   "out"
#define NFT_TRACE_LOCAL "local"
#define NFT_TRACE_TIMES "times"
#define NFT_TRACE_PORTS "ports"
