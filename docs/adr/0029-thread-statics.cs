#!/usr/bin/env dotnet
#:property PublishAot=false
// What 0029 is about, in one process: dotnet run 0029-thread-statics.cs. It prints "mended" where the runtime has forgotten what the thread remembers.
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

var given = new SemaphoreSlim(0);
Action? work = null;
var other = new Thread(() => { for (given.Wait(); work is not null; given.Wait()) Work(); });
other.Start();

var gone = Use();
for (var i = 0; i < 12; i++) { GC.Collect(2, GCCollectionMode.Aggressive, true, true); GC.WaitForPendingFinalizers(); }
if (gone.IsAlive) throw new InvalidOperationException("The first version is still there.");

var serves = Version(statics: 9);
var keeps = typeof(object).Assembly.GetType("System.RuntimeType")!.GetField("m_keepalive", BindingFlags.NonPublic | BindingFlags.Instance)!.GetValue(serves[0])!;
var slots = keeps.GetType().GetField("m_slots", BindingFlags.NonPublic | BindingFlags.Instance)!;
var before = (object?[])((object[])slots.GetValue(keeps)!).Clone();
given.Release(); // the thread ends; it has never used the version that serves
other.Join();
var after = (object?[])slots.GetValue(keeps)!;
var lost = Enumerable.Range(0, before.Length).Count(i => !ReferenceEquals(before[i], after[i]));
Console.WriteLine(lost == 0 ? "mended" : $"{lost} of what the version that serves holds is lost");
GC.KeepAlive(serves);

[MethodImpl(MethodImplOptions.NoInlining)]
void Work() => Interlocked.Exchange(ref work, null)!();

[MethodImpl(MethodImplOptions.NoInlining)]
WeakReference Use()
{
    var (version, used) = (Version(statics: 0), new SemaphoreSlim(0));
    work = () => { version[0].GetField("OfThread")!.SetValue(null, new object()); used.Release(); };
    given.Release();
    used.Wait();
    return new WeakReference(version[0], true);
}

[MethodImpl(MethodImplOptions.NoInlining)]
static Type[] Version(int statics)
{
    var module = AssemblyBuilder.DefineDynamicAssembly(new("version"), AssemblyBuilderAccess.RunAndCollect).DefineDynamicModule("version");
    var types = Enumerable.Range(0, 1 + statics).Select(i =>
    {
        var type = module.DefineType($"C{i}", TypeAttributes.Public);
        var field = type.DefineField(i == 0 ? "OfThread" : "Common", typeof(object), FieldAttributes.Public | FieldAttributes.Static);
        if (i == 0) field.SetCustomAttribute(new CustomAttributeBuilder(typeof(ThreadStaticAttribute).GetConstructor([])!, []));
        return type.CreateType();
    }).ToArray();
    foreach (var type in types.Reverse()) type.GetFields()[0].SetValue(null, new object());
    return types;
}
