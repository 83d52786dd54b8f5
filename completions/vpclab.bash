# SPDX-License-Identifier: GPL-3.0-only
# bash completion for vpclab. The program itself knows what may follow: it prints WORD<TAB>MEANING lines for the words
# up to the cursor, the last of which is the one being typed. Where it knows nothing, bash offers files.

_vpclab()
{
	local word

	COMPREPLY=()
	while IFS=$'\t' read -r word _; do
		COMPREPLY+=("$word")
	done < <("$1" complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}

complete -o default -F _vpclab vpclab
