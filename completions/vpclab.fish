# SPDX-License-Identifier: GPL-3.0-only
# fish completion for vpclab. The program itself knows what may follow: it prints WORD<TAB>MEANING lines for the words up to
# the cursor, the last of which is the one being typed. Where it knows nothing, fish offers files.

function __vpclab_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program $words[1]
    set -l found ($program complete $words[2..-1] "$current" 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\n' $found
    else
        __fish_complete_path "$current"
    end
end

complete -c vpclab -f -a '(__vpclab_complete)'
