/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

/*
 * The kernel's header, next to nft.h: a few names are in both, so the kernel's get a prefix here.
 */
#define NFT_RETURN       KERNEL_NFT_RETURN
#define NFT_JUMP         KERNEL_NFT_JUMP
#define NFT_GOTO         KERNEL_NFT_GOTO
#define NFT_CT_STATE     KERNEL_NFT_CT_STATE
#define NFT_CT_STATUS    KERNEL_NFT_CT_STATUS
#define NFT_DATA_VERDICT KERNEL_NFT_DATA_VERDICT
#include <linux/netfilter/nf_tables.h>
#undef NFT_RETURN
#undef NFT_JUMP
#undef NFT_GOTO
#undef NFT_CT_STATE
#undef NFT_CT_STATUS
#undef NFT_DATA_VERDICT
