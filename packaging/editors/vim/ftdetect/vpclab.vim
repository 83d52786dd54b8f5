autocmd BufNewFile,BufRead *.lab setfiletype vpclab
autocmd FileType vpclab setlocal commentstring=#\ %s
