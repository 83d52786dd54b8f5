import pexpect,time,os,sys,random
os.environ['XDG_RUNTIME_DIR']='/tmp/fl/rt'; os.environ['HOME']='/tmp/fl'
bad=0;N=30
c=pexpect.spawn('/tmp/fl/'+sys.argv[1],['--color','never'],timeout=4,env=dict(os.environ,LD_PRELOAD='/tmp/fl/slow.so'))
c.expect_exact('vpclab> ')
c.send('vpc create VPC1 cidr 10.0.0.0/16\r'); c.expect_exact('vpclab> ')
for k in range(N):
    c.send('\x12vpc cr'); c.expect_exact('i-search'); time.sleep(random.random()*0.05); c.send('\x03')
    try: c.expect_exact('vpclab>')
    except pexpect.TIMEOUT:
        bad+=1; c.send('\r'); 
        try: c.expect_exact('vpclab>')
        except pexpect.TIMEOUT: print('worse')
print(sys.argv[1],'bad',bad)
